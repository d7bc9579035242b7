"""Staff pages about segments: the list, the builder, one segment with its members, and the personas."""
