"""ROOM. The tap on the shoulder: when it is due, what it says, and how the desktop shows it."""
