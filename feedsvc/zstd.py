"""zstd (RFC 8878): the standard library's from Python 3.14 on, before that its backport."""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd as _zstd
else:
    from backports import zstd as _zstd

CompressionParameter = _zstd.CompressionParameter
DecompressionParameter = _zstd.DecompressionParameter
ZstdCompressor = _zstd.ZstdCompressor
ZstdDecompressor = _zstd.ZstdDecompressor
ZstdError = _zstd.ZstdError
compress = _zstd.compress
decompress = _zstd.decompress
get_frame_info = _zstd.get_frame_info
