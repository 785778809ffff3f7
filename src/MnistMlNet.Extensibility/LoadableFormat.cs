using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MnistMlNet.Extensibility;

/// <summary>A block of a saved model that ML.NET loads with one of our loaders: its header, the frame around its payload, and its reader.
/// </summary>
/// <typeparam name="T">What is saved.</typeparam>
/// <param name="modelSignature">8 characters, at the head of the block.</param>
/// <param name="loaderSignature">The name under which ML.NET files the loader: at most 24 characters.</param>
internal sealed class LoadableFormat<T>(string modelSignature, string loaderSignature)
    where T : class
{
    // Versions of the frame around the payload. The payload has a version of its own, and that is the one to raise when it changes.
    private const uint VersionWritten = 0x00010001;
    private const uint VersionReadable = 0x00010001;
    private const uint OldestVersionRead = 0x00010001;

    // The simple name, without the version: asked for by its full name, a model saved by a later release could not be loaded by an
    // earlier one even where the format is the same, since the runtime refuses to bind to a lower version.
    private const string ExtensibilityAssembly = "MnistMlNet.Extensibility";

    private const string MainAssembly = "MnistMlNet";

    /// <summary>Gets or sets the reader of a payload. The module initializer of MnistMlNet sets it: this assembly can't reference that one.
    /// </summary>
    /// <remarks>The stream ends where the payload ends, and must be read to its end.</remarks>
    internal Func<IHostEnvironment, Stream, T>? Factory { get; set; }

    /// <summary>Writes the header and, through <paramref name="writePayload"/>, the payload.</summary>
    internal void Save(ModelSaveContext ctx, Action<Stream> writePayload)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        PayloadBlock.Write(ctx.Writer, writePayload);
    }

    /// <summary>Reads the block that <paramref name="ctx"/> stands at.</summary>
    internal T Load(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        try
        {
            CheckVersion(ctx);
            Func<IHostEnvironment, Stream, T> factory = GetFactory();
            long blockEnd = ctx.FpMin + ctx.Header.FpModel + ctx.Header.CbModel;
            return PayloadBlock.Read(ctx.Reader, blockEnd, stream => factory(env, stream));
        }
        catch (Exception exception)
        {
            // Marked as ML.NET marks its own, so that a damaged model fails as a built-in one does: with InvalidOperationException
            // "Error during class instantiation" and this exception inside, not with a bare TargetInvocationException.
            ((IExceptionContext)env).Process(exception);
            throw;
        }
    }

    private VersionInfo GetVersionInfo() => new(
        modelSignature, VersionWritten, VersionReadable, OldestVersionRead, ExtensibilityAssembly, loaderSignature);

    private void CheckVersion(ModelLoadContext ctx)
    {
        // ML.NET refuses a newer version too, but its words blame the version of ML.NET, and that is not what has to be renewed.
        if (ctx.Header.ModelVerReadable > VersionWritten)
        {
            throw new FormatException(
                $"The model was saved by a newer {MainAssembly}: it needs a reader of format 0x{ctx.Header.ModelVerReadable:x8}, " +
                $"and this release reads formats up to 0x{VersionWritten:x8}. Update the package {MainAssembly}.");
        }

        // Another signature, a corrupt header, a version that is no longer read, or a stream that stands elsewhere.
        ctx.CheckAtModel(GetVersionInfo());
    }

    private Func<IHostEnvironment, Stream, T> GetFactory()
    {
        if (Factory is null)
        {
            // In a process that has only called Model.Load, nothing of MnistMlNet has run yet. The name is a constant: none that comes
            // out of a file is ever loaded from here.
            RuntimeHelpers.RunModuleConstructor(Assembly.Load(MainAssembly).ManifestModule.ModuleHandle);
        }

        return Factory ?? throw new InvalidOperationException(
            $"{MainAssembly} was loaded but did not register its reader; {MainAssembly} and {ExtensibilityAssembly} "
            + "are not of one release.");
    }
}
