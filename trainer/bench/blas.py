"""Which BLAS PyTorch multiplies with, and by which of its kernels."""
import ctypes
import os
import sys


def _libraries():
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "openblas" in line or "libblas" in line or "mkl_core" in line}
    return sorted({os.path.realpath(path) for path in paths})


def _openblas_core():
    for path in _libraries():
        if "openblas" in path:
            # A build that is part of a package has its own prefix on every name, and needs no help.
            core = getattr(ctypes.CDLL(path), "openblas_get_corename", None)
            if core is None:
                continue
            core.restype = ctypes.c_char_p
            return core().decode()
    return None


def take_vectors():
    """
    On a CPU newer than itself OpenBLAS takes its oldest kernels, several times slower than they need be. Then the script
    starts again with those for the vectors that the CPU has. To be called after PyTorch was imported and before
    anything was read.
    """
    if _openblas_core() != "Prescott" or "OPENBLAS_CORETYPE" in os.environ:
        return
    with open("/proc/cpuinfo") as info:
        flags = set(next((line for line in info if line.startswith("flags")), "").split())
    core = "SkylakeX" if {"avx512f", "avx512bw", "avx512vl"} <= flags else "Haswell" if {"avx2", "fma"} <= flags else None
    if core:
        os.environ["OPENBLAS_CORETYPE"] = core
        os.execv(sys.executable, [sys.executable, *sys.argv])


def blas():
    """For people: "libopenblasp-r0.3.21.so, SkylakeX kernels"."""
    names = [os.path.basename(path) for path in _libraries()]
    core = _openblas_core()
    return ", ".join(names + ([f"{core} kernels"] if core else [])) or "built in"
