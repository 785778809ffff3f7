using System.Runtime.InteropServices;
using MnistMlNet.Kernels;

namespace MnistMlNet.Optimizers;

/// <summary>The scalars of past steps, for weights whose gradient was 0 in some of them and whose update was left for later.</summary>
/// <remarks>
/// Steps are counted from the last call of <see cref="Clear"/>. Updates of several steps are computed epoch by epoch, so that their
/// rounding doesn't depend on whether they are applied after each epoch or later.
/// </remarks>
internal sealed class IdleSteps
{
    // Sums of one epoch's logarithms, before and after each step. A sum over all epochs would round differently after Clear.
    private readonly List<(double Before, double After)> _logDecays = [];
    private double _logDecay;
    private readonly List<int> _epochEnds = [];
    private readonly List<float> _epochDecays = [];

    /// <summary>Gets the number of steps.</summary>
    public int Count => _logDecays.Count;

    /// <summary>Gets whether any step changes weights without a gradient and without moments.</summary>
    public bool HasDecay { get; private set; }

    /// <summary>Gets the scalars of Adam's steps; empty for other rules.</summary>
    public List<AdamStep> Adam { get; } = [];

    /// <summary>Removes all steps.</summary>
    public void Clear()
    {
        HasDecay = false;
        Adam.Clear();
        _epochEnds.Clear();
        _epochDecays.Clear();
        _logDecays.Clear();
        _logDecay = 0;
    }

    /// <summary>Adds a step.</summary>
    /// <param name="decay">The factor of every weight, above 0.</param>
    public void Add(double decay)
    {
        HasDecay |= decay != 1;
        double before = _logDecay;
        _logDecay += Math.Log(decay);
        _logDecays.Add((before, _logDecay));
    }

    /// <summary>Ends an epoch.</summary>
    public void EndEpoch()
    {
        _epochDecays.Add(Decay(_epochEnds.Count == 0 ? 0 : _epochEnds[^1], Count));
        _epochEnds.Add(Count);
        _logDecay = 0;
    }

    /// <summary>Gets the decay of each epoch that ended before step <paramref name="end"/> or with it.</summary>
    /// <param name="rest">The first step after these epochs.</param>
    public ReadOnlySpan<float> EpochDecays(int end, out int rest)
    {
        int found = _epochEnds.BinarySearch(end + 1), count = found < 0 ? ~found : found;
        rest = count == 0 ? 0 : _epochEnds[count - 1];
        return CollectionsMarshal.AsSpan(_epochDecays)[..count];
    }

    /// <summary>The end of the steps that belong to the epoch of step <paramref name="first"/>, at most <paramref name="end"/>.</summary>
    public int EndOfEpoch(int first, int end)
    {
        int found = _epochEnds.BinarySearch(first + 1);
        int epoch = found < 0 ? ~found : found;
        return epoch < _epochEnds.Count ? Math.Min(end, _epochEnds[epoch]) : end;
    }

    /// <summary>Computes the product of the decays of steps <paramref name="first"/> … <paramref name="end"/> - 1 of one epoch.</summary>
    public float Decay(int first, int end) => end > first ? (float)Math.Exp(_logDecays[end - 1].After - _logDecays[first].Before) : 1;
}

/// <summary>The powers of a decay rate: <c>β, β², …</c></summary>
internal sealed class Powers
{
    private readonly double _base;
    private readonly float[] _table;

    /// <param name="count">The number of powers that are kept in a table.</param>
    public Powers(double @base, int count)
    {
        _base = @base;
        _table = new float[count];
        for (int n = 0; n < count; n++)
        {
            _table[n] = (float)Math.Pow(@base, n + 1);
        }
    }

    /// <summary>Gets the first powers.</summary>
    public ReadOnlySpan<float> Table => _table;

    /// <summary>Computes one power.</summary>
    /// <param name="exponent">At least 1.</param>
    public float this[int exponent] => exponent <= _table.Length ? _table[exponent - 1] : (float)Math.Pow(_base, exponent);
}
