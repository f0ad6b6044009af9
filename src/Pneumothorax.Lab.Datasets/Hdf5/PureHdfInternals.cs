using System.Reflection;
using PureHDF.VOL.Native;

namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>
/// What PureHDF reads of a file but does not tell: byte order and bits of numbers, filters, where chunks lie, which links lead elsewhere.
/// Its members are taken by name; the tests of <see cref="Hdf5Images"/> fail where a version of PureHDF has other names.
/// </summary>
internal static class PureHdfInternals
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <returns>The value of a property or a field.</returns>
    public static object? Get(object of, string name)
    {
        for (var type = of.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetProperty(name, Own) is { } property) return property.GetValue(of);
            if (type.GetField(name, Own) is { } field) return field.GetValue(of);
        }
        throw new MissingMemberException(of.GetType().FullName, name);
    }

    public static T Get<T>(object of, string name) => (T)Convert.ChangeType(Get(of, name), typeof(T), System.Globalization.CultureInfo.InvariantCulture)!;

    public static object? Call(object of, string name, params object?[] arguments) =>
        MethodOf(of, name).Invoke(of, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    public static MethodInfo MethodOf(object of, string name)
    {
        for (var type = of.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetMethod(name, Own) is { } method) return method;
        }
        throw new MissingMethodException(of.GetType().FullName, name);
    }

    /// <returns>PureHDF's reader of a chunked array.</returns>
    public static object ChunkReader(NativeDataset dataset)
    {
        var assembly = typeof(NativeDataset).Assembly;
        var info = Activator.CreateInstance(
            Type(assembly, "DatasetInfo"), Get(dataset, "InternalDataspace"), Get(dataset, "InternalDataType"), Get(dataset, "InternalDataLayout"),
            Get(dataset, "InternalFillValue"), Get(dataset, "InternalFilterPipeline"), Get(dataset, "InternalExternalFileList"));
        var create = Type(assembly, "H5D_Chunk").GetMethod("Create", BindingFlags.Static | BindingFlags.Public) ?? throw new MissingMethodException("H5D_Chunk", "Create");
        var reader = create.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Get(dataset, "Context"), null, info, default(H5DatasetAccess), default(H5DatasetCreation)], null)!;
        Call(reader, "Initialize");
        return reader;
    }

    /// <returns>The name of the file that a link of a group leads into, as it stands there; null for everything else.</returns>
    public static string? ExternalFileOf(NativeGroup group, string link)
    {
        foreach (var message in Links(group))
        {
            if (Get<string>(message, "LinkName") == link && Get(message, "LinkInfo") is { } info && info.GetType().Name == "ExternalLinkInfo")
                return Get<string>(info, "FilePath");
        }
        return null;
    }

    private static IEnumerable<object> Links(NativeGroup group)
    {
        foreach (var message in (System.Collections.IEnumerable)Get(Get(group, "Header")!, "HeaderMessages")!)
        {
            var data = Get(message, "Data")!;
            if (data.GetType().Name == "LinkMessage") yield return data;
            if (data.GetType().Name != "LinkInfoMessage" || (bool)Call(Get(Get(group, "Context")!, "Superblock")!, "IsUndefinedAddress", Get(data, "BTree2NameIndexAddress"))!) continue;
            foreach (var link in (System.Collections.IEnumerable)Call(group, "EnumerateLinkMessagesFromLinkInfoMessage", data)!) yield return link;
        }
    }

    private static Type Type(Assembly assembly, string name) => assembly.GetType($"PureHDF.VOL.Native.{name}") ?? throw new MissingMemberException("PureHDF.VOL.Native", name);
}
