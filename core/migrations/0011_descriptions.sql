-- What a person wrote below a photo. date_source also: 4 IPTC, 5 a text of the picture, 6 Google Takeout.
ALTER TABLE photos ADD COLUMN description TEXT;
