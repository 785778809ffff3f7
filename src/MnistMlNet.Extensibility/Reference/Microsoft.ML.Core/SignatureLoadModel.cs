namespace Microsoft.ML;

/// <summary>Internal in ML.NET: the kind of loadable class that is made from a model stream.</summary>
public delegate void SignatureLoadModel(ModelLoadContext ctx);
