"""Ultrasound and MR neurography: pictures of the nerve on a day, and what is read off them.

``anatomy`` says what lies in a plane through the limb, ``ultrasound`` and ``mri`` make pictures of
it, ``measured`` reads pictures without knowing what was drawn, ``files`` writes and reads them.
"""
