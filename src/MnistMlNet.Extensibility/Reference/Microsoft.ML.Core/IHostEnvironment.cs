namespace Microsoft.ML.Runtime;

/// <summary>Public in ML.NET; declared here without members, since this assembly only passes it on and casts it.</summary>
public interface IHostEnvironment;
