namespace Microsoft.ML;

/// <summary>Internal in ML.NET: the signature of loadable classes that are created from a model stream.</summary>
public delegate void SignatureLoadModel(ModelLoadContext ctx);
