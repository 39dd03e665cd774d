"""What people do in a workspace, one kind of deed to a module."""
