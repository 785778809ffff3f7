using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MnistMlNet.Extensibility;

/// <summary>
/// Makes a <see cref="LoadableModelParametersBase"/> from the part of a saved model that holds it, such as the folder <c>Model</c> of
/// ML.NET's binary transformer; found and called by ML.NET through reflection.
/// </summary>
internal static class ModelParametersLoader
{
    /// <summary>The name under which ML.NET files the loader: at most 24 characters, kept in every saved model.</summary>
    internal const string LoaderSignature = "MnistMlNet.Parameters";

    /// <summary>8 characters, at the head of every saved model.</summary>
    internal const string ModelSignature = "TWOLAYMP";

    /// <summary>Gets the format of the block.</summary>
    internal static LoadableFormat<LoadableModelParametersBase> Format { get; } = new(ModelSignature, LoaderSignature);

    /// <inheritdoc cref="LoadableFormat{T}.Factory"/>
    internal static Func<IHostEnvironment, Stream, LoadableModelParametersBase>? Factory
    {
        get => Format.Factory;
        set => Format.Factory = value;
    }

    /// <summary>Reads the model that <paramref name="ctx"/> stands at. ML.NET looks for this name, these parameters and exactly this
    /// return type.</summary>
    internal static LoadableModelParametersBase Create(IHostEnvironment env, ModelLoadContext ctx) => Format.Load(env, ctx);
}
