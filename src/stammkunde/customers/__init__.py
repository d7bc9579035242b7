"""Know who a customer is, by whatever name a file or a visit gives."""
