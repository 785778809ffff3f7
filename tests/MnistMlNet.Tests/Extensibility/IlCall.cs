namespace MnistMlNet.Tests.Extensibility;

/// <summary>One call instruction.</summary>
/// <param name="Caller">Namespace, types and method that it stands in.</param>
/// <param name="Callee">Namespace, type and name of the member of another assembly.</param>
/// <param name="AfterConstant">Whether the instruction before it loads a text from the program itself, which is then the last
/// argument.</param>
internal sealed record IlCall(string Caller, string Callee, bool AfterConstant);
