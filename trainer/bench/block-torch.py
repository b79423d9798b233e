"""The block in PyTorch on one thread. One JSON request a line on stdin, one JSON answer a line on stdout."""
import base64
import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import torch
import torch.nn.functional as F

from blas import blas, take_vectors

take_vectors()
torch.set_num_threads(1)


def tensor(text, *shape):
    return torch.from_numpy(np.frombuffer(base64.b64decode(text), dtype=np.float32).copy()).reshape(shape)


def rotate(x, cos, sin):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def norm(x, weight, epsilon):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * weight


def forward(w, s, cos, sin, mask):
    batch, length, heads, kv, hd = s["batch"], s["length"], s["heads"], s["kvHeads"], s["headDim"]
    x = w["x"]
    n = norm(x, w["norm1"], s["epsilon"])
    q = F.linear(n, w["q"]).view(batch, length, heads, hd).transpose(1, 2)
    k = F.linear(n, w["k"]).view(batch, length, kv, hd).transpose(1, 2)
    v = F.linear(n, w["v"]).view(batch, length, kv, hd).transpose(1, 2)
    q, k = rotate(q, cos, sin), rotate(k, cos, sin)
    k = k[:, :, None].expand(batch, kv, heads // kv, length, hd).reshape(batch, heads, length, hd)
    v = v[:, :, None].expand(batch, kv, heads // kv, length, hd).reshape(batch, heads, length, hd)
    scores = (q @ k.transpose(-1, -2)) * hd**-0.5 + mask
    attended = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch * length, heads * hd)
    middle = x + F.linear(attended, w["o"])
    n = norm(middle, w["norm2"], s["epsilon"])
    return middle + F.linear(F.silu(F.linear(n, w["gate"])) * F.linear(n, w["up"]), w["down"])


def main():
    problem = json.loads(sys.stdin.readline())
    s = problem["shape"]
    half = s["headDim"] // 2
    w = {
        name: tensor(problem["tensors"][name], *([shape[1]] if shape[0] == 1 else shape)).requires_grad_()
        for name, shape in problem["shapes"].items()
    }
    cos, sin = (tensor(problem[name], s["length"], half) for name in ("cosine", "sine"))
    d_output = tensor(problem["dOutput"], s["batch"] * s["length"], s["dim"])
    mask = torch.full((s["length"], s["length"]), float("-inf")).triu(1)

    def run():
        for parameter in w.values():
            parameter.grad = None
        output = forward(w, s, cos, sin, mask)
        output.backward(d_output)
        return output

    print(json.dumps({"version": torch.__version__, "blas": blas()}), flush=True)
    for line in sys.stdin:
        if line.strip() == "run":
            wall, cpu = time.perf_counter(), time.process_time()
            run()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(json.dumps({"wallMs": wall * 1000, "cpuMs": cpu * 1000}), flush=True)
        elif line.strip() == "result":
            output = run()
            gradients = {name: base64.b64encode(p.grad.numpy().tobytes()).decode() for name, p in w.items()}
            loss = float((output.detach().double() * d_output.double()).sum())
            print(json.dumps({"loss": loss, "gradients": gradients}), flush=True)


main()
