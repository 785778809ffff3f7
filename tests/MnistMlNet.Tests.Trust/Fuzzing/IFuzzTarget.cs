namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>One kind of untrusted file.</summary>
internal interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Makes a damaged file.</summary>
    FuzzCase Make(Random random);

    /// <summary>Opens it as a user does, in the measured part of the run. <see cref="IsRefusal"/> judges the exception.</summary>
    /// <returns>The content, to be checked by <see cref="Inspect"/>.</returns>
    object Open(FuzzCase file);

    /// <summary>Checks the content of a damaged file: whether it is complete and can be used. Throws otherwise.</summary>
    void Inspect(object opened);

    /// <summary>Whether an exception is a named one, from which a user can see what is wrong with the file.</summary>
    bool IsRefusal(Exception exception);
}
