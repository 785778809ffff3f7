using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MnistMlNet.Extensibility;

/// <summary>Makes a <see cref="LoadableTransformerBase"/> from a saved model; found and called by ML.NET through reflection.</summary>
internal static class TransformerLoader
{
    /// <summary>The name under which ML.NET files the loader: at most 24 characters, kept in every saved model.</summary>
    internal const string LoaderSignature = "MnistMlNet.TwoLayer";

    /// <summary>8 characters, at the head of every saved model.</summary>
    internal const string ModelSignature = "TWOLAYNN";

    /// <summary>Gets the format of the block.</summary>
    internal static LoadableFormat<LoadableTransformerBase> Format { get; } = new(ModelSignature, LoaderSignature);

    /// <inheritdoc cref="LoadableFormat{T}.Factory"/>
    internal static Func<IHostEnvironment, Stream, LoadableTransformerBase>? Factory
    {
        get => Format.Factory;
        set => Format.Factory = value;
    }

    /// <summary>Reads the transformer that <paramref name="ctx"/> stands at. ML.NET looks for this name, these parameters and exactly
    /// this return type.</summary>
    internal static LoadableTransformerBase Create(IHostEnvironment env, ModelLoadContext ctx) => Format.Load(env, ctx);
}
