"""One training step of a Llama in PyTorch, on one CPU thread or on CUDA. One JSON request a line on stdin, one answer a line."""
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

from blas import blas, take_vectors

take_vectors()
torch.set_num_threads(1)


def load(path, device):
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
        tensors[name] = torch.from_numpy(values).to(device).requires_grad_()
    return tensors


def rotate(x, cos, sin):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def norm(x, weight, epsilon):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * weight


def attend(q, k, v, mask):
    # PyTorch 2's fused attention, which is what people use on a GPU.
    if q.is_cuda and hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k.to(q.dtype), v.to(q.dtype), is_causal=True)
    scores = (q @ k.transpose(-1, -2)) * q.shape[-1] ** -0.5 + mask
    return scores.softmax(-1) @ v


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
    # Under autocast the rotation leaves q and k in f32 and v in bf16.
    attended = attend(q.to(v.dtype), k.to(v.dtype), v, mask).transpose(1, 2).reshape(batch, length, heads * hd)
    x = x + F.linear(attended, w[prefix + "self_attn.o_proj.weight"])
    n = norm(x, w[prefix + "post_attention_layernorm.weight"], c["normEpsilon"])
    gate = F.silu(F.linear(n, w[prefix + "mlp.gate_proj.weight"])) * F.linear(n, w[prefix + "mlp.up_proj.weight"])
    return x + F.linear(gate, w[prefix + "mlp.down_proj.weight"])


def main():
    request = json.loads(sys.stdin.readline())
    c, batch, length = request["config"], request["batch"], request["length"]
    device, bf16 = request["device"], request["precision"] == "bf16"
    if device == "cuda" and not torch.cuda.is_available():
        print(json.dumps({"missing": "no CUDA device"}), flush=True)
        return
    torch.backends.cuda.matmul.allow_tf32 = request["precision"] == "tf32"
    dtype = torch.bfloat16 if bf16 else torch.float32
    w = load(request["weights"], device)
    tokens = torch.tensor(request["tokens"], device=device).view(batch, length + 1)
    half = c["headDim"] // 2
    angle = torch.arange(length)[:, None] * c["ropeTheta"] ** (-torch.arange(half) / half)
    cos, sin = angle.cos().to(device), angle.sin().to(device)
    mask = torch.full((length, length), float("-inf"), device=device).triu(1)
    optimizer = torch.optim.AdamW(w.values(), lr=request["learningRate"], betas=(0.9, 0.999), eps=1e-8, weight_decay=0)

    def forward():
        embedding = w["model.embed_tokens.weight"]
        x = F.embedding(tokens[:, :-1], embedding)
        for i in range(c["layers"]):
            x = layer(x, w, f"model.layers.{i}.", c, cos, sin, mask)
        x = norm(x, w["model.norm.weight"], c["normEpsilon"])
        logits = F.linear(x.reshape(batch * length, -1), embedding)
        return F.cross_entropy(logits.float(), tokens[:, 1:].reshape(-1))

    if request.get("compiled"):
        forward = torch.compile(forward)

    def step():
        optimizer.zero_grad()
        # The usual mixed precision: weights, gradients and moments stay f32, products are bf16.
        with torch.autocast(device, dtype=torch.bfloat16, enabled=bf16):
            loss = forward()
        loss.backward()
        optimizer.step()
        return {"loss": float(loss)}

    def multiply(size, times):
        a, b = (torch.full((size, size), 1 / size, dtype=dtype, device=device) for _ in range(2))

        def work():
            for _ in range(times):
                a @ b.T
            return {}

        return work

    def timed(work):
        wait = torch.cuda.synchronize if device == "cuda" else lambda: None
        wait()
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        wait()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(json.dumps({"wallMs": wall * 1000, "cpuMs": cpu * 1000, **result}), flush=True)

    card = torch.cuda.get_device_name() if device == "cuda" else None
    print(json.dumps({"version": torch.__version__, "blas": blas(), "card": card}), flush=True)
    for line in sys.stdin:
        if line.strip() == "run":
            timed(step)
        else:
            asked = json.loads(line)
            timed(multiply(asked["size"], asked["times"]))


main()
