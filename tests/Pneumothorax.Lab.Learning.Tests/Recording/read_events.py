"""Prints what a folder of event files holds, as JSON lines, read without any code of the lab's.

The messages are decoded by Google's protobuf runtime, from TensorBoard's own schema in proto/; the checksums are computed by the
package crc32c. What is done here is the framing, as TensorFlow documents it, and TensorBoard's rule for a run that goes on: a START
of a session drops the steps from its own on.
Usage: read_events.py FOLDER SCHEMA, where SCHEMA is the output of protoc --descriptor_set_out.
"""
import json
import os
import struct
import sys

import crc32c
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

folder, schema = sys.argv[1:]
files = descriptor_pb2.FileDescriptorSet()
with open(schema, "rb") as stream:
    files.ParseFromString(stream.read())
pool = descriptor_pool.DescriptorPool()
for file in files.file:
    pool.Add(file)
Event = message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("tensorboard.Event"))


def masked(data):
    crc = crc32c.crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    with open(path, "rb") as stream:
        while True:
            head = stream.read(12)
            if len(head) < 12:
                return
            length, check = struct.unpack("<QI", head)
            assert check == masked(head[:8]), "checksum of a length"
            data, check = stream.read(length), stream.read(4)
            if len(check) < 4:
                return
            assert struct.unpack("<I", check)[0] == masked(data), "checksum of a record"
            yield data


kept = []
for name in sorted(os.listdir(folder)):
    for number, data in enumerate(records(os.path.join(folder, name))):
        event = Event.FromString(data)
        if number == 0:
            assert event.file_version == "brain.Event:2", event
        if event.HasField("session_log") and event.session_log.status == 1:
            kept = [item for item in kept if item["step"] < event.step]
        for value in event.summary.value:
            item = {"step": event.step, "tag": value.tag, "time": event.wall_time}
            kind = value.WhichOneof("value")
            if kind == "simple_value":
                item["scalar"] = value.simple_value
            elif kind == "image":
                image = value.image
                item["image"] = [image.width, image.height, image.colorspace, image.encoded_image_string[:8].hex()]
            elif kind == "histo":
                histo = value.histo
                limits, buckets = list(histo.bucket_limit), list(histo.bucket)
                assert limits == sorted(set(limits)) and len(limits) == len(buckets)
                item["histogram"] = [histo.num, sum(buckets), histo.min, limits[-1], histo.sum, histo.sum_squares]
            kept.append(item)
for item in kept:
    print(json.dumps(item))
