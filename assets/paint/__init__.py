"""What the images in assets/ are painted with; used by make-assets only."""
