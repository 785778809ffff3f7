using Microsoft.ML;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>The kinds of steps that map one column to another, before the network.</summary>
internal static class OnnxStepKinds
{
    private const string Text =
        ": the operators of ONNX (up to opset 19) can't split a text into words or characters, nor change its letters in the same way on "
            + "every computer. Featurize the text before the file, and give the file the resulting column";

    /// <summary>Gets the function that makes an output column; null for a kind that can't be written.</summary>
    public static Func<OnnxStep, OnnxColumn>? Find(ITransformer transformer) => transformer switch
    {
        ValueToKeyMappingTransformer => OnnxKeySteps.ToKey,
        KeyToValueMappingTransformer => OnnxKeySteps.ToValue,
        KeyToVectorMappingTransformer => OnnxKeySteps.ToVector,
        KeyToBinaryVectorMappingTransformer => OnnxKeySteps.ToBits,
        MissingValueReplacingTransformer => OnnxValueSteps.Replace,
        MissingValueIndicatorTransformer => OnnxValueSteps.Indicate,
        TypeConvertingTransformer => OnnxValueSteps.Convert,
        LpNormNormalizingTransformer => step => OnnxValueSteps.Norm(step, RowNorm.Of(step.Transformer, step.Index)),
        _ => null,
    };

    /// <summary>Gets why a kind can't be written, and what to do instead; empty where nothing is known.</summary>
    public static string ReasonAgainst(ITransformer transformer) => transformer switch
    {
        OneHotHashEncodingTransformer or HashingTransformer =>
            ": it hashes by MurmurHash3, which isn't an operator of ONNX. Use OneHotEncoding, which keeps a dictionary of the values",
        TextNormalizingTransformer or WordTokenizingTransformer or TokenizingByCharactersTransformer or NgramExtractingTransformer =>
            Text,

        // FeaturizeText makes a private type.
        _ when transformer.GetType().DeclaringType == typeof(TextFeaturizingEstimator) => Text,
        _ when transformer.GetType().Name == "MissingValueDroppingTransformer" =>
            ": it drops the missing values of a vector, so that its length differs from row to row. Use ReplaceMissingValues",
        _ => "",
    };
}
