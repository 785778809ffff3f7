namespace Microsoft.ML.Runtime;

/// <summary>Public in ML.NET; declared here without members, since MnistMlNet.Extensibility only passes it on and casts it.</summary>
public interface IHostEnvironment;
