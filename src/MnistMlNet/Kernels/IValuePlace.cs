namespace MnistMlNet.Kernels;

/// <summary>Where the value of a sparse entry stands. Structs, so that the JIT makes a loop of its own for each.</summary>
internal interface IValuePlace
{
    /// <summary>From where the values of a row are counted.</summary>
    /// <param name="rowOffset">Where the whole row starts.</param>
    /// <param name="entryOffset">Which entry is the row's first, or the first that is left.</param>
    static abstract ref float Row(ref float values, nint rowOffset, nint entryOffset);

    /// <summary>The value of entry n, which belongs to input i.</summary>
    static abstract float Value(ref float row, nint n, int i);
}
