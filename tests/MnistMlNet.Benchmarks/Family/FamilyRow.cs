namespace MnistMlNet.Benchmarks.Family;

/// <summary>One row as ML.NET reads it from objects.</summary>
internal sealed class FamilyRow
{
    /// <summary>Gets or sets the target of a trainer for one number.</summary>
    public float Target { get; set; }

    /// <summary>Gets or sets the target of a binary trainer.</summary>
    public bool Flag { get; set; }

    /// <summary>Gets or sets the targets of a trainer for several.</summary>
    public float[] Targets { get; set; } = [];

    public float[] Features { get; set; } = [];
}
