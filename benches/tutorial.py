"""The way by hand that Fotonovela replaces: one photo after another through Pillow, timm's ResNet-50 and an insert.

    python tutorial.py PHOTOS DATABASE

Prints the seconds of the loop; loading the model and opening the database do not count. Weights are random: they
change what is found, not how long it takes.
"""
import sys
import time
from pathlib import Path

import timm
import torch
from PIL import Image
from pymilvus import MilvusClient
from timm.data import create_transform, resolve_data_config

photos = sorted(Path(sys.argv[1]).glob("*.jpg"))
model = timm.create_model("resnet50", pretrained=False, num_classes=0, global_pool="avg").eval()
transform = create_transform(**resolve_data_config(model.pretrained_cfg))
client = MilvusClient(uri=sys.argv[2])
client.create_collection("image_embeddings", dimension=2048, vector_field_name="vector", auto_id=True,
                         enable_dynamic_field=True, metric_type="COSINE")

started = time.perf_counter()
for photo in photos:
    picture = transform(Image.open(photo).convert("RGB")).unsqueeze(0)
    with torch.no_grad():
        vector = torch.nn.functional.normalize(model(picture).squeeze(), dim=0)
    client.insert("image_embeddings", {"vector": vector.tolist(), "filename": str(photo)})
print(time.perf_counter() - started)
