// Compiled by the build (NativeTorch.targets), not into the library.
using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Marks one symbol version that a shared library needs as weak, so that the loader accepts a host that lacks it.
/// </summary>
/// <remarks>
/// TorchSharp's native file asks for GLIBCXX_3.4.32 (GCC 13) for a single symbol that no relocation uses; Debian 12 and
/// Ubuntu 22.04 stop at 3.4.30. The section .gnu.version_r lists such needs; flag 0x2 of an entry means weak.
/// The file is written anew and renamed: the copy in the output may be a hard link into the package cache,
/// which must stay as it is. Layout: System V ABI, ELF64, and the LSB core specification, section 10.7.4.
/// </remarks>
public class WeakenVersionNeed : Task
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const ushort Weak = 0x2;

    [Required]
    public ITaskItem[] Files { get; set; } = new ITaskItem[0];

    /// <summary>Name of the version to weaken, such as GLIBCXX_3.4.32.</summary>
    [Required]
    public string Version { get; set; } = "";

    public override bool Execute()
    {
        foreach (var file in Files)
        {
            var path = file.GetMetadata("FullPath");
            var elf = File.ReadAllBytes(path);
            if (!MarkWeak(elf, Version)) continue;

            var temporary = path + ".weak";
            File.WriteAllBytes(temporary, elf);
            File.Delete(path);
            File.Move(temporary, path);
            Log.LogMessage(MessageImportance.Normal, "{0}: {1} is now a weak need.", path, Version);
        }
        return !Log.HasLoggedErrors;
    }

    /// <returns>True when an entry was changed; false when it is weak already or absent.</returns>
    private static bool MarkWeak(byte[] elf, string version)
    {
        var is64BitLittleEndian = elf.Length > 64 && elf[0] == 0x7f && elf[1] == 'E' && elf[4] == 2 && elf[5] == 1;
        if (!is64BitLittleEndian) return false;

        var sections = (int)BitConverter.ToInt64(elf, 0x28);
        var sectionSize = BitConverter.ToUInt16(elf, 0x3a);
        var sectionCount = BitConverter.ToUInt16(elf, 0x3c);
        for (var i = 0; i < sectionCount; i++)
        {
            var header = sections + i * sectionSize;
            if (BitConverter.ToUInt32(elf, header + 4) != VersionNeedSection) continue;

            var strings = sections + BitConverter.ToInt32(elf, header + 0x28) * sectionSize;
            return MarkWeak(elf, (int)BitConverter.ToInt64(elf, header + 0x18), (int)BitConverter.ToInt64(elf, strings + 0x18), version);
        }
        return false;
    }

    private static bool MarkWeak(byte[] elf, int need, int names, string version)
    {
        while (true)
        {
            var entry = need + BitConverter.ToInt32(elf, need + 8);
            for (var left = BitConverter.ToUInt16(elf, need + 2); left > 0; left--)
            {
                var flags = BitConverter.ToUInt16(elf, entry + 4);
                if (NameAt(elf, names + BitConverter.ToInt32(elf, entry + 8)) == version)
                {
                    if ((flags & Weak) != 0) return false;
                    BitConverter.GetBytes((ushort)(flags | Weak)).CopyTo(elf, entry + 4);
                    return true;
                }
                entry += BitConverter.ToInt32(elf, entry + 12);
            }

            var next = BitConverter.ToInt32(elf, need + 12);
            if (next == 0) return false;
            need += next;
        }
    }

    private static string NameAt(byte[] elf, int start)
    {
        var end = Array.IndexOf(elf, (byte)0, start);
        return Encoding.ASCII.GetString(elf, start, end - start);
    }
}
