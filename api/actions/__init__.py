"""What the product can do: one verb a file; called by the HTTP door and by the workers."""
