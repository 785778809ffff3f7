namespace MnistMlNet.Benchmarks.Tables;

/// <summary>What a table is for. Defaults that were chosen on a table look better there than they are.</summary>
internal enum Purpose
{
    /// <summary>Defaults may be chosen by results on it.</summary>
    Tune,

    /// <summary>Shows what was chosen; nothing is decided by it.</summary>
    Report,
}
