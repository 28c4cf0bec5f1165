"""Institutionsregisteret: the state's register of institutions, as the export that anybody can take."""
