/// 7xxx: trials and models.
extension FaultWords {
    static let trials: [Int: FaultChinese] = [
        7000: .init("期望条件无法读取。", "请写为 NAME <= NUMBER、NAME >= NUMBER 或 NAME in NUMBER..NUMBER。"),
        7001: .init("试运行的站点无法使用。", "请让每个站点名称互不相同。"),
        7002: .init("已有该名称的试运行。", "请等待其结束，或另取名称，或清除其遗留内容：`atoll trial clean NAME`。"),
        7003: .init("没有该名称的试运行。", "`atoll trial list` 显示现有试运行；请用 --data 指定数据目录。"),
        7004: .init("试运行正在运行。", "请用 Ctrl-C 或 SIGTERM 停止，或等待其结束。"),
        7005: .init("试运行的文件夹无法使用。", "请让您的用户可写数据目录，并释放其磁盘空间。"),
        7006: .init("试运行的某个站点未启动或已结束。", "其日志的最后几行见上文；使用 --keep 时保留其文件夹。"),
        7007: .init("试运行的站点之间有路由不通。", "请查看失败的层给出的信息。"),
        7008: .init("试运行的任务未成功。", "请查看其原因；使用 --keep 时保留各站点，`atoll job logs` 显示更多信息。"),
        7009: .init("试运行的某项期望条件不成立。", "请查看实际指标；若指标正确，请修改期望条件。"),
        7010: .init("试运行的部分内容无法清除。", "请终止所指出的进程或删除所指出的文件，然后重新清除。"),
        7011: .init("试运行被中断；其全部内容已清除。", "请重新运行。"),
        7012: .init("试运行无法恢复。", "请用 `atoll trial clean NAME` 清除，然后重新运行。"),
        7013: .init("试运行进度的记录无法读取。", "请用开始该试运行的程序版本恢复，或用 `atoll trial clean NAME` 清除。"),
        7014: .init("试运行的某个站点磁盘已满。", "请释放该磁盘的空间；以 --keep 运行的试运行可用 `atoll trial resume NAME` 继续。"),
        7100: .init("此处没有该模型版本。", "`atoll model list` 显示全部版本；版本写为 NAME:NUMBER 或 NAME:ALIAS。"),
        7101: .init(
            "模型在此处不完整：各参与方只保存自己的部分。",
            "经各数据方同意，发起方可取得完整模型：数据方授权其数据集时须允许算法 [model.join] 并透露 [model]；然后执行 `atoll model export NAME --join`。"),
        7102: .init("模型还有版本。", "请先删除其版本：`atoll delete modelversion NAME-vNUMBER`。"),
        7103: .init("模型的某个别名指向该版本。", "请先将别名指向另一版本，或取消该别名：`atoll model alias`。"),
        7104: .init("别名无法使用。", "请使用 1 到 63 个字符，由 a-z、0-9 与 '-' 组成，且不能全为数字。"),
        7105: .init("没有该模型格式。", "请使用 native、dump 或 xgboost。"),
        7106: .init("只有模型的发起方才能取得完整模型或用其评分。", "请在拥有标签的站点操作：树由该站点保存。"),
    ]
}
