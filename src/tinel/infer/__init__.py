"""From a patient's own findings to the injury and the outlook."""
