namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>One kind of file that may come from anywhere.</summary>
internal interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Makes a damaged file.</summary>
    FuzzCase Make(Random random);

    /// <summary>Opens it as a user does, in the measured part of the run. What it throws is judged by <see cref="IsRefusal"/>.</summary>
    /// <returns>What was read, to be looked at by <see cref="Inspect"/>.</returns>
    object Open(FuzzCase file);

    /// <summary>Looks at what came out of a damaged file: whether it is whole and can be used. Throws otherwise.</summary>
    void Inspect(object opened);

    /// <summary>Whether an exception is a named one, by which a user can tell what is wrong with the file.</summary>
    bool IsRefusal(Exception exception);
}
