"""One training step of a Llama in PyTorch on one thread. One JSON request a line on stdin, one answer a line."""
import json
import os
import struct
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def blas():
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "openblas" in line or "libblas" in line or "mkl_core" in line}
    names = sorted({os.path.basename(os.path.realpath(path)) for path in paths})
    return ", ".join(names) or "built in"


def load(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], dtype=np.float32).copy().reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values).requires_grad_()
    return tensors


def rotate(x, cos, sin):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def norm(x, weight, epsilon):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * weight


def layer(x, w, prefix, c, cos, sin, mask):
    batch, length, _ = x.shape
    heads, kv, hd = c["heads"], c["kvHeads"], c["headDim"]
    n = norm(x, w[prefix + "input_layernorm.weight"], c["normEpsilon"])
    q = F.linear(n, w[prefix + "self_attn.q_proj.weight"]).view(batch, length, heads, hd).transpose(1, 2)
    k = F.linear(n, w[prefix + "self_attn.k_proj.weight"]).view(batch, length, kv, hd).transpose(1, 2)
    v = F.linear(n, w[prefix + "self_attn.v_proj.weight"]).view(batch, length, kv, hd).transpose(1, 2)
    q, k = rotate(q, cos, sin), rotate(k, cos, sin)
    k = k[:, :, None].expand(batch, kv, heads // kv, length, hd).reshape(batch, heads, length, hd)
    v = v[:, :, None].expand(batch, kv, heads // kv, length, hd).reshape(batch, heads, length, hd)
    scores = (q @ k.transpose(-1, -2)) * hd**-0.5 + mask
    attended = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, heads * hd)
    x = x + F.linear(attended, w[prefix + "self_attn.o_proj.weight"])
    n = norm(x, w[prefix + "post_attention_layernorm.weight"], c["normEpsilon"])
    gate = F.silu(F.linear(n, w[prefix + "mlp.gate_proj.weight"])) * F.linear(n, w[prefix + "mlp.up_proj.weight"])
    return x + F.linear(gate, w[prefix + "mlp.down_proj.weight"])


def main():
    request = json.loads(sys.stdin.readline())
    c, batch, length = request["config"], request["batch"], request["length"]
    w = load(request["weights"])
    tokens = torch.tensor(request["tokens"]).view(batch, length + 1)
    half = c["headDim"] // 2
    angle = torch.arange(length)[:, None] * c["ropeTheta"] ** (-torch.arange(half) / half)
    cos, sin = angle.cos(), angle.sin()
    mask = torch.full((length, length), float("-inf")).triu(1)
    optimizer = torch.optim.AdamW(w.values(), lr=request["learningRate"], betas=(0.9, 0.999), eps=1e-8, weight_decay=0)

    def step():
        optimizer.zero_grad()
        embedding = w["model.embed_tokens.weight"]
        x = F.embedding(tokens[:, :-1], embedding)
        for i in range(c["layers"]):
            x = layer(x, w, f"model.layers.{i}.", c, cos, sin, mask)
        x = norm(x, w["model.norm.weight"], c["normEpsilon"])
        logits = F.linear(x.reshape(batch * length, -1), embedding)
        loss = F.cross_entropy(logits, tokens[:, 1:].reshape(-1))
        loss.backward()
        optimizer.step()
        return loss

    print(json.dumps({"version": torch.__version__, "blas": blas()}), flush=True)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        loss = float(step())
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(json.dumps({"wallMs": wall * 1000, "cpuMs": cpu * 1000, "loss": loss}), flush=True)


main()
