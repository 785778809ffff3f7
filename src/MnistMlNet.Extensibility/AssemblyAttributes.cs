using System.Runtime.CompilerServices;
using Microsoft.ML;
using MnistMlNet.Extensibility;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

// ML.NET reads this when it has loaded the assembly that a model's header names. The empty user name hides the entry from its lists.
[assembly: LoadableClass(
    typeof(LoadableTransformerBase), typeof(TransformerLoader), null, typeof(SignatureLoadModel), "", TransformerLoader.LoaderSignature)]
