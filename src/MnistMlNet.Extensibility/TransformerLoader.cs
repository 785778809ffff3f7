using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MnistMlNet.Extensibility;

/// <summary>Loads a <see cref="LoadableTransformerBase"/> from a saved model; ML.NET finds and calls it by reflection.</summary>
internal static class TransformerLoader
{
    /// <summary>The name under which ML.NET registers the loader: at most 24 characters, stored in every saved model.</summary>
    internal const string LoaderSignature = "MnistMlNet.TwoLayer";

    /// <summary>The signature in the header of every saved model: 8 characters.</summary>
    internal const string ModelSignature = "TWOLAYNN";

    // Versions of the frame around the payload. The payload has its own version; raise that one when the payload changes.
    private const uint VersionWritten = 0x00010001;
    private const uint VersionReadable = 0x00010001;
    private const uint OldestVersionRead = 0x00010001;

    // The simple name, without the version: with the full name, an earlier release could not load a model of a later release even with the
    // same format, since the runtime refuses to bind to a lower version.
    private const string ExtensibilityAssembly = "MnistMlNet.Extensibility";

    private const string MainAssembly = "MnistMlNet";

    /// <summary>
    /// Gets or sets the function that reads a payload. The module initializer of MnistMlNet sets it, since this assembly can't reference
    /// MnistMlNet.
    /// </summary>
    /// <remarks>The stream ends where the payload ends. The function must read it to its end.</remarks>
    internal static Func<IHostEnvironment, Stream, LoadableTransformerBase>? Factory { get; set; }

    /// <summary>Gets the version information for a model's header.</summary>
    internal static VersionInfo GetVersionInfo() => new(
        ModelSignature, VersionWritten, VersionReadable, OldestVersionRead, ExtensibilityAssembly, LoaderSignature);

    /// <summary>
    /// Reads the transformer at the position of <paramref name="ctx"/>. ML.NET finds the method by its name, its parameters and exactly
    /// this return type.
    /// </summary>
    internal static LoadableTransformerBase Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        try
        {
            CheckVersion(ctx);
            Func<IHostEnvironment, Stream, LoadableTransformerBase> factory = GetFactory();
            long blockEnd = ctx.FpMin + ctx.Header.FpModel + ctx.Header.CbModel;
            return PayloadBlock.Read(ctx.Reader, blockEnd, stream => factory(env, stream));
        }
        catch (Exception exception)
        {
            // Marked like ML.NET's own exceptions, so that a damaged model gives the same exception as a built-in transformer:
            // InvalidOperationException "Error during class instantiation" with this exception as the inner one, and not a
            // TargetInvocationException.
            ((IExceptionContext)env).Process(exception);
            throw;
        }
    }

    private static void CheckVersion(ModelLoadContext ctx)
    {
        // ML.NET also refuses a newer version, but its message asks for an update of ML.NET, and MnistMlNet is what needs the update.
        if (ctx.Header.ModelVerReadable > VersionWritten)
        {
            throw new FormatException(
                $"The model was saved by a newer {MainAssembly}: it needs a reader of format 0x{ctx.Header.ModelVerReadable:x8}, " +
                $"and this release reads formats up to 0x{VersionWritten:x8}. Update the package {MainAssembly}.");
        }

        // Checks for a different signature, a damaged header, a version that is no longer supported, and a wrong stream position.
        ctx.CheckAtModel(GetVersionInfo());
    }

    private static Func<IHostEnvironment, Stream, LoadableTransformerBase> GetFactory()
    {
        if (Factory is null)
        {
            // In a process that has only called Model.Load, no code of MnistMlNet has run yet. The name is a constant: this method never
            // loads an assembly whose name comes from a file.
            RuntimeHelpers.RunModuleConstructor(Assembly.Load(MainAssembly).ManifestModule.ModuleHandle);
        }

        return Factory ?? throw new InvalidOperationException(
            $"{MainAssembly} was loaded but did not register its reader; {MainAssembly} and {ExtensibilityAssembly} are not of one "
                + "release.");
    }
}
