using System.Runtime.CompilerServices;
using Microsoft.ML;
using MnistMlNet.Extensibility;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Transforms")]

// ML.NET reads these when it has loaded the assembly that a model's header names. The empty user name hides an entry from its lists.
[assembly: LoadableClass(
    typeof(LoadableTransformerBase), typeof(TransformerLoader), null, typeof(SignatureLoadModel), "", TransformerLoader.LoaderSignature)]
[assembly: LoadableClass(
    typeof(LoadableModelParametersBase), typeof(ModelParametersLoader), null, typeof(SignatureLoadModel), "",
    ModelParametersLoader.LoaderSignature)]
