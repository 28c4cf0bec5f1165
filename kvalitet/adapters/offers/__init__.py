"""Offers: files that came by mail, from the mail to the delivery that their sender confirms."""
