namespace Microsoft.ML.Runtime;

/// <summary>Public in ML.NET; here only a name, since the seam hands it on and casts it.</summary>
public interface IHostEnvironment;
