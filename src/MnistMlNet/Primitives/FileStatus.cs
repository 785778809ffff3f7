using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MnistMlNet.Primitives;

/// <summary>The kind and the owner of what a path leads to. .NET doesn't distinguish a FIFO or a device from a file, so Linux is asked
/// directly.</summary>
/// <param name="Kind">What the path leads to; links are followed.</param>
/// <param name="Owner">The user ID; 0 where <paramref name="HasOwner"/> is false.</param>
/// <param name="Group">The group ID; 0 where <paramref name="HasOwner"/> is false.</param>
/// <param name="HasOwner">Whether this system gave the owner.</param>
internal readonly partial record struct FileStatus(PathKind Kind, uint Owner, uint Group, bool HasOwner)
{
    /// <summary>Examines <paramref name="path"/> without opening it.</summary>
    /// <remarks>On systems other than Linux, everything that isn't a folder counts as a file, as in .NET.</remarks>
    /// <exception cref="DirectoryNotFoundException">The path is relative, and the current folder was deleted.</exception>
    public static FileStatus Of(string path)
    {
        // The full path, as .NET opens it: the system resolves ".." after a link to the parent of the link's target, .NET to the parent of
        // the link.
        string full = path.Length > 0 ? Absolute(path) : path;
        return full.Length > 0 && OperatingSystem.IsLinux() && FromLinux(full) is { } status
            ? status
            : new(FromDotNet(full), 0, 0, HasOwner: false);
    }

    /// <summary>Makes a relative path absolute.</summary>
    /// <param name="path">The path.</param>
    /// <param name="option">The option that gave the path, for the message; null for none.</param>
    /// <exception cref="DirectoryNotFoundException">The current folder was deleted.</exception>
    public static string Absolute(string path, string? option = null)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (FileNotFoundException e)
        {
            throw new DirectoryNotFoundException(
                $"{(option is null ? "" : option + " ")}'{Shown.Long(path)}' is a relative path, and the current folder was deleted. Give "
                    + "a full path, or change to a folder that exists.", e);
        }
    }

    /// <summary>The full path that <paramref name="path"/> leads to. Links are followed, even if the target doesn't exist.</summary>
    /// <exception cref="IOException">The links form a cycle, or the path is too long.</exception>
    public static string TargetOf(string path)
    {
        var file = new FileInfo(Absolute(path));
        return (file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName;
    }

    /// <summary>Opens a regular file for reading and refuses everything else: a FIFO would wait forever, and devices have no end.</summary>
    /// <exception cref="FileNotFoundException">The path leads to nothing.</exception>
    /// <exception cref="IOException">The path leads to something else; the message says what.</exception>
    public static FileStream OpenRead(string path, int bufferSize = 4096, FileOptions options = FileOptions.None)
    {
        PathKind kind = Of(path).Kind;
        return kind switch
        {
            PathKind.File or PathKind.Nothing => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize, options),
            PathKind.Circle => throw new IOException(
                $"'{Shown.Long(path)}' can't be read: its links lead in a circle. Give the path of the file itself."),
            PathKind.TooLong => throw new PathTooLongException(
                $"'{Shown.Long(path)}' can't be read: a name in it, or the whole path, is longer than the system allows. Look for what was "
                    + "added to it."),
            _ => throw new IOException(
                $"'{Shown.Long(path)}' can't be read: it is {Name(kind)}; expected a regular file. Copy what it gives to a file first."),
        };
    }

    /// <summary>Checks, without changing anything, whether another file may be renamed to this one.</summary>
    /// <returns>The system's reason why not; null where it is allowed, or where the system can't be asked.</returns>
    /// <remarks>
    /// Calls rmdir on the file, which always fails because a file is not a folder. The error is about permissions if a replacement would
    /// fail, too: the system checks the folder's permissions, its sticky bit with the owner, and attributes such as "immutable" first.
    /// </remarks>
    public static string? WhyNotReplaceable(string file)
    {
        const int NotPermitted = 1, AccessDenied = 13, ReadOnlyFileSystem = 30;
        if (!OperatingSystem.IsLinux() || NativeMethods.RemoveFolder(file) == 0)
        {
            return null;
        }

        int error = Marshal.GetLastPInvokeError();
        return error is NotPermitted or AccessDenied or ReadOnlyFileSystem ? Marshal.GetPInvokeErrorMessage(error) : null;
    }

    /// <summary>The name of a kind in messages.</summary>
    public static string Name(PathKind kind) => kind switch
    {
        PathKind.Folder => "a folder",
        PathKind.CharacterDevice => "a character device",
        PathKind.BlockDevice => "a block device",
        PathKind.Fifo => "a FIFO",
        PathKind.Socket => "a socket",
        _ => "a file",
    };

    /// <summary>Sets the user and group of a file to those of this one, where the process is allowed to.</summary>
    /// <param name="file">The file, open.</param>
    /// <param name="path">The path of the same file.</param>
    /// <returns>Whether the group is now the same. If not, group permissions must not be copied: they would be another group's.</returns>
    public bool TryGiveOwner(SafeFileHandle file, string path)
    {
        const uint Unchanged = uint.MaxValue;
        FileStatus now = Of(path);
        if (!HasOwner || (now.Owner == Owner && now.Group == Group))
        {
            return true;
        }

        // Only root may change the user, but users may choose among their own groups.
        return NativeMethods.ChangeOwner(file, Owner, Group) == 0 || now.Group == Group
            || NativeMethods.ChangeOwner(file, Unchanged, Group) == 0;
    }

    private static PathKind FromDotNet(string path)
    {
        try
        {
            // .NET reports that a link without a target exists.
            string target = path.Length > 0 ? TargetOf(path) : path;
            return (File.GetAttributes(target) & FileAttributes.Directory) != 0 ? PathKind.Folder : PathKind.File;
        }
        catch (PathTooLongException)
        {
            return PathKind.TooLong;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing that this process can see. Opening it gives the reason.
            return PathKind.Nothing;
        }
    }

    // The layout of struct statx is the same on all processors, unlike that of struct stat.
    private static unsafe FileStatus? FromLinux(string path)
    {
        const int CurrentFolder = -100, OwnerOffset = 20, GroupOffset = 24, ModeOffset = 28, Length = 256;
        const int NameTooLong = 36, TooManyLinks = 40;
        const uint TypeOwnerAndGroup = 1 | 8 | 16;
        Span<byte> result = stackalloc byte[Length];
        try
        {
            fixed (byte* start = result)
            {
                if (NativeMethods.Statx(CurrentFolder, path, 0, TypeOwnerAndGroup, start) != 0)
                {
                    return Marshal.GetLastPInvokeError() switch
                    {
                        NameTooLong => new(PathKind.TooLong, 0, 0, HasOwner: false),
                        TooManyLinks => new(PathKind.Circle, 0, 0, HasOwner: false),
                        _ => null,
                    };
                }
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return null;
        }

        PathKind kind = (MemoryMarshal.Read<ushort>(result[ModeOffset..]) & 0xF000) switch
        {
            0x1000 => PathKind.Fifo,
            0x2000 => PathKind.CharacterDevice,
            0x4000 => PathKind.Folder,
            0x6000 => PathKind.BlockDevice,
            0xC000 => PathKind.Socket,
            _ => PathKind.File,
        };
        return new(kind, MemoryMarshal.Read<uint>(result[OwnerOffset..]), MemoryMarshal.Read<uint>(result[GroupOffset..]), HasOwner: true);
    }

    private static unsafe partial class NativeMethods
    {
        [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Statx(int folder, string path, int flags, uint mask, byte* result);

        [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int RemoveFolder(string path);

        [LibraryImport("libc", EntryPoint = "fchown")]
        public static partial int ChangeOwner(SafeFileHandle file, uint owner, uint group);
    }
}

/// <summary>What a path leads to, where links are followed.</summary>
internal enum PathKind
{
    /// <summary>Nothing, or a link without a target.</summary>
    Nothing,

    /// <summary>A regular file, or one whose kind this system doesn't report.</summary>
    File,

    Folder,

    /// <summary>A device that accepts a stream of bytes, such as a terminal or <c>/dev/null</c>.</summary>
    CharacterDevice,

    BlockDevice,

    /// <summary>A named pipe: opening it blocks until another process opens the other end.</summary>
    Fifo,

    Socket,

    /// <summary>Nothing, because the links form a cycle, or are too many for the system to follow.</summary>
    Circle,

    /// <summary>Nothing, because a name in the path or the whole path is longer than the system allows.</summary>
    TooLong,
}
