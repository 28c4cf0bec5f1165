"""What comes back: reading the mailbox that invites, sorting what lies in it, and keeping what it means."""
