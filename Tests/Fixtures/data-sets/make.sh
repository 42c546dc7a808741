#!/bin/sh
# photos.tar: two small photos, as a data set with the model's labels as folders; made of ../images with Pillow and tar.
set -eu
cd "$(dirname "$0")"
folder=$(mktemp -d)
mkdir "$folder/Egyptian cat" "$folder/espresso"
python3 -c "
import sys
from PIL import Image
for name, place in (('chelsea', 'Egyptian cat/cat'), ('coffee', 'espresso/cup')):
    Image.open('../images/' + name + '.png').convert('RGB').resize((60, 48)).save(sys.argv[1] + '/' + place + '.png')
" "$folder"
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$folder" -cf photos.tar .
rm -r "$folder"
