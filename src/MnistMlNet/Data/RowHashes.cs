using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.Data;

namespace MnistMlNet.Data;

/// <summary>
/// SHA-256 hashes of the rows' labels, weights and features, in separate hashes, so that an error about a checkpoint can name the part that
/// changed.
/// </summary>
/// <remarks>
/// For rows in memory, the packed form is hashed; for streamed rows, the values from the data view. The two hashes are never compared.
/// </remarks>
internal sealed record RowHashes(string Labels, string Targets, string Weights, string Features)
{
    public static RowHashes Of(PackedRows rows)
    {
        using var features = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        rows.AppendFeaturesTo(features);
        return new RowHashes(
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(rows.Labels))),
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(rows.Targets))),
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(rows.Weights))),
            Convert.ToHexStringLower(features.GetHashAndReset()));
    }

    /// <summary>Hashes rows one by one.</summary>
    public sealed class Builder : IDisposable
    {
        private const int BufferedRows = 1024;

        private readonly IncrementalHash _labels = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash _targets = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash _weights = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash _features = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly int[] _labelBuffer = new int[BufferedRows];
        private readonly float[] _weightBuffer = new float[BufferedRows];
        private int _buffered;

        public void Add(int label, ReadOnlySpan<float> targets, float weight, in VBuffer<float> features)
        {
            _targets.AppendData(MemoryMarshal.AsBytes(targets));
            _labelBuffer[_buffered] = label;
            _weightBuffer[_buffered++] = weight;
            if (_buffered == BufferedRows)
            {
                Flush();
            }

            // The number of entries comes first, so that the boundaries between rows change the hash. -1 stands for a dense row, since its
            // bytes could also be those of a sparse row.
            ReadOnlySpan<int> indices = features.GetIndices();
            _features.AppendData(MemoryMarshal.AsBytes([features.IsDense ? -1 : indices.Length]));
            _features.AppendData(MemoryMarshal.AsBytes(indices));
            _features.AppendData(MemoryMarshal.AsBytes(features.GetValues()));
        }

        public RowHashes Build()
        {
            Flush();
            return new RowHashes(Hex(_labels), Hex(_targets), Hex(_weights), Hex(_features));
        }

        public void Dispose()
        {
            _labels.Dispose();
            _targets.Dispose();
            _weights.Dispose();
            _features.Dispose();
        }

        private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());

        private void Flush()
        {
            _labels.AppendData(MemoryMarshal.AsBytes(_labelBuffer.AsSpan(0, _buffered)));
            _weights.AppendData(MemoryMarshal.AsBytes(_weightBuffer.AsSpan(0, _buffered)));
            _buffered = 0;
        }
    }
}
