"""p50, p95 and requests a second of pictures of a portal, and what each costs it, by eight connections that stay open.

pictures.py HOST:PORT COOKIE PID SECONDS ADDRESS COUNT [known]

COOKIE is the Cookie header of somebody signed in, PID the portal's process. N in the address counts up to COUNT. With "known" the client has
every picture already and asks whether it has changed.
"""
import http.client
import sys
import threading
import time

HOST, COOKIE, PID, SECONDS, ADDRESS, COUNT = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), sys.argv[5], int(sys.argv[6])
KNOWN = len(sys.argv) > 7
CONNECTIONS = 8
WARM_UP = 4

times, tags, bad, gate = [], {}, [], threading.Lock()


def processor_ms():
    fields = open(f"/proc/{PID}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 10


def ask(first, seconds, measured):
    connection, own = http.client.HTTPConnection(HOST), []
    end, at = time.perf_counter() + seconds, first
    while time.perf_counter() < end:
        address = ADDRESS.replace("N", str(at % COUNT))
        at += 1
        headers = {"Cookie": COOKIE}
        if KNOWN and address in tags:
            headers["If-None-Match"] = tags[address]
        began = time.perf_counter()
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        answer.read()
        own.append(time.perf_counter() - began)
        if answer.status != (304 if KNOWN and measured else 200) and (measured or answer.status != 304):
            bad.append((answer.status, address))
        tags[address] = answer.headers["ETag"]
    if measured:
        with gate:
            times.extend(own)


def run(seconds, measured):
    threads = [threading.Thread(target=ask, args=(k * COUNT // CONNECTIONS, seconds, measured)) for k in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


run(WARM_UP, measured=False)
while KNOWN and len(tags) < COUNT:
    run(2, measured=False)
used, began = processor_ms(), time.perf_counter()
run(SECONDS, measured=True)
used, passed = processor_ms() - used, time.perf_counter() - began
times.sort()
print(f"{ADDRESS}{' (304)' if KNOWN else ''}: {len(times) / passed:.0f} a second, p50 {times[len(times) // 2] * 1e3:.1f} ms, "
      f"p95 {times[int(len(times) * 0.95)] * 1e3:.1f} ms, {used / len(times):.2f} ms of processor each, {len(bad)} unexpected {bad[:1]}")
