namespace MnistMlNet.Tests.Extensibility;

/// <summary>One call instruction.</summary>
/// <param name="Caller">Namespace, types and method that contain the call.</param>
/// <param name="Callee">Namespace, type and name of the member of another assembly.</param>
/// <param name="AfterConstant">Whether the previous instruction loads a string constant, which is then the last argument.</param>
internal sealed record IlCall(string Caller, string Callee, bool AfterConstant);
