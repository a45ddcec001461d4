"""Pictures as PNG and DICOM, written and read."""
