namespace MnistMlNet.Kernels;

/// <summary>Where index and value of a sparse entry stand. Structs, so that the JIT makes a loop of its own for each.</summary>
internal interface IEntryPlace
{
    /// <summary>The index of entry n.</summary>
    /// <param name="first">That of the first entry.</param>
    static abstract ref TIndex Index<TIndex>(ref TIndex first, nint n)
        where TIndex : unmanaged;

    /// <summary>The value of entry n, whose index is i.</summary>
    /// <param name="first">That of the first entry, or of the whole row.</param>
    static abstract ref float Value(ref float first, nint n, nint i);
}
