using System.Runtime.CompilerServices;
using Microsoft.ML;
using MnistMlNet.Extensibility;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

// ML.NET reads this attribute after it has loaded the assembly named in a model's header. The empty user name hides the entry from its
// lists.
[assembly: LoadableClass(
    typeof(LoadableTransformerBase), typeof(TransformerLoader), null, typeof(SignatureLoadModel), "", TransformerLoader.LoaderSignature)]
