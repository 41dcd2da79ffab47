extension ReportText {
    /// What the parties came to know.
    static let partyTexts: [(ReportText, (String, String))] = [
        (.privacy, ("What each side learnt", "各方获知了什么")),
        (
            .privacyNote,
            (
                "Left is what the operators declare before anything runs, right what was counted afterwards.",
                "左侧为运行前声明的内容，右侧为运行后的实际计数。"
            )
        ),
        (.declared, ("Declared before", "事前声明")),
        (.counted, ("Counted after", "事后计数")),
        (.nothingCounted, ("Nothing was counted.", "没有计数。")),
        (.value, ("Value", "值")),
        (.bitsPerRow, ("Bits learnt per row", "每行获知的比特数")),
        (.separation, ("Label separation seen (AUC)", "可见的标签区分度（AUC）")),
        (.sums, ("Sums seen", "获知的求和数")),
        (.commonIDs, ("Common ids known", "获知的共同 id 数")),
        (.ownSplits, ("Own splits in the model", "模型中自有的分裂数")),
        (.fineBinsSeen, ("Fine bins whose bads were seen", "获知坏样本数的细分箱数")),
        (.partialScoresSeen, ("Partial scores of a row that were told", "每行被告知的部分得分数")),
        (.residualSumsSeen, ("Sums of label less probability that were told", "被告知的残差和数")),
        (.ratesSeen, ("Own bins whose bad rate was told", "获知坏样本率的自有分箱数")),
        (.ledgers, ("Ledger heads", "账本链头")),
        (
            .ledgersNote,
            (
                "The last hash of each chain of what crossed. A partner who keeps it can prove later that nothing was "
                    + "taken out or put in.",
                "各跨站点记录链的最后一个哈希值。保存它的一方日后可证明记录未被增删。"
            )
        ),
        (.site, ("Site", "站点")),
        (.peer, ("Peer", "对端")),
        (.head, ("Head", "链头")),
        (.lines, ("Lines", "行数")),
    ]

    /// The run, the machine and how to do it again.
    static let runTexts: [(ReportText, (String, String))] = [
        (.timeline, ("Where the time and the bytes went", "时间与流量去向")),
        (
            .timelineNote,
            (
                "{0} in all; {1} of payload crossed between the sites.",
                "总计 {0}；站点之间传输有效载荷 {1}。"
            )
        ),
        (.waterfall, ("Phases on the clock", "各阶段时间线")),
        (
            .waterfallSummary,
            ("The longest phase is {0} with {1}.", "最长的阶段是“{0}”，用时 {1}。")
        ),
        (.phase, ("Phase", "阶段")),
        (.start, ("Start", "开始")),
        (.seconds, ("Time", "用时")),
        (.cpu, ("Processor time", "处理器时间")),
        (.memory, ("Most memory", "内存峰值")),
        (.bytes, ("Bytes between sites", "站点间字节数")),
        (.expectationsNote, ("What the trial’s file asked for.", "试运行文件中的要求。")),
        (.expectation, ("Expectation", "预期")),
        (.holds, ("Holds", "是否符合")),
        (.data, ("Data and settings", "数据与设置")),
        (
            .dataNote,
            (
                "{0} rows are common to all sites: {1} to learn from, {2} to test.",
                "各方共有 {0} 行：{1} 行用于训练，{2} 行用于测试。"
            )
        ),
        (.role, ("Role", "角色")),
        (.columns, ("Columns", "特征")),
        (.rowsAtSite, ("Rows", "行数")),
        (.settings, ("Settings of the training", "训练设置")),
        (.setting, ("Setting", "设置")),
        (.routes, ("Routes", "路由")),
        (.from, ("From", "起点")),
        (.to, ("To", "终点")),
        (.outcome, ("Outcome", "结果")),
        (.layers, ("Layers", "层数")),
        (.figures, ("All figures", "全部数值")),
        (.figuresNote, ("By the names that expectations use.", "名称与预期中所用的一致。")),
        (.figure, ("Figure", "名称")),
        (.environment, ("Machine", "运行环境")),
        (.reproduce, ("Do it again", "如何重现")),
        (
            .reproduceNote,
            (
                "Same file, same seed, same digest: on any machine, with any number of threads.",
                "相同的文件与种子得到相同的摘要：与机器和线程数无关。"
            )
        ),
        (
            .resumedNote,
            (
                "Another process took the trial over {0} times; pauses are in no phase’s time, and of a phase that was cut "
                    + "short only its end is.",
                "本次运行曾由其他进程接管 {0} 次；中断时间不计入任何阶段，被打断的阶段只计其最后部分。"
            )
        ),
        (
            .made,
            (
                "Made by Atoll. This page loads nothing and sends nothing.",
                "由 Atoll 生成。本页面不加载也不发送任何内容。"
            )
        ),
    ]
}
