namespace MnistMlNet.Primitives;

/// <summary>What a path leads to, where links are followed.</summary>
internal enum PathKind
{
    /// <summary>Nothing, or a link to nothing.</summary>
    Nothing,

    /// <summary>A regular file, or one whose kind this system doesn't tell.</summary>
    File,

    Folder,

    /// <summary>A device that takes bytes as they come, such as a terminal or <c>/dev/null</c>.</summary>
    CharacterDevice,

    BlockDevice,

    /// <summary>A named pipe: to open it waits until another process opens the other end.</summary>
    Fifo,

    Socket,

    /// <summary>Nothing, because links lead back to themselves, or one leads to the next too often for the system to follow.</summary>
    Circle,

    /// <summary>Nothing, because a name in the path or the whole path is longer than the system allows.</summary>
    TooLong,
}
