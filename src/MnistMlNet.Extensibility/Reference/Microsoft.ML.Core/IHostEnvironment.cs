namespace Microsoft.ML.Runtime;

/// <summary>Public in ML.NET; here only a name, since MnistMlNet.Extensibility only passes it on and casts it.</summary>
public interface IHostEnvironment;
