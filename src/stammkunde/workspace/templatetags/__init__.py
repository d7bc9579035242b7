"""The words templates use: numbers in the reader's way, and the components every page is built from."""
