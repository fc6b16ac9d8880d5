"""Word and PowerPoint files, RTF, and what their formats share."""
